sed -i "s/replicas: 1/replicas: {{replicas}}/; s/nginx:1.28/nginx:1.29/" ~/app/base/deployment.yaml
mkdir -p ~/app/overlays/prod
cat > ~/app/overlays/prod/kustomization.yaml <<OVERLAY
resources:
  - ../../base
namespace: {{ns}}
namePrefix: prod-
labels:
  - pairs: {stage: prod}
    includeTemplates: true
configMapGenerator:
  - name: greeting
    behavior: merge
    literals: ["GREETING=Welcome back"]
OVERLAY
kubectl apply -k ~/app/overlays/prod
kubectl rollout status deployment prod-web -n {{ns}} --timeout=90s
