mkdir -p ~/app/overlays/prod
cd ~/app/overlays/prod
cat > kustomization.yaml <<OVERLAY
resources: [../../base]
namespace: {{ns}}
namePrefix: prod-
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: replace
        path: /spec/replicas
        value: {{replicas}}
      - op: replace
        path: /spec/template/spec/containers/0/image
        value: nginx:1.29
      - op: add
        path: /spec/template/metadata/labels/stage
        value: prod
configMapGenerator:
  - name: greeting
    behavior: replace
    literals: ["GREETING=Welcome back"]
OVERLAY
kubectl kustomize . | kubectl apply -f -
kubectl rollout status deployment prod-web -n {{ns}} --timeout=90s
