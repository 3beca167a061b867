mkdir -p ~/app/overlays/prod
cat > ~/app/overlays/prod/kustomization.yaml <<OVERLAY
resources:
  - ../../base
namespace: {{ns}}
namePrefix: prod-
labels:
  - pairs: {stage: prod}
    includeTemplates: true
images:
  - {name: nginx, newTag: "1.29"}
configMapGenerator:
  - name: greeting
    behavior: merge
    literals: ["GREETING=Welcome back"]
OVERLAY
kubectl apply -k ~/app/overlays/prod
kubectl rollout status deployment prod-web -n {{ns}} --timeout=90s
