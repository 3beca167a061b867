KUBE_EDITOR="sed -i -e 's/^  name: node02/&/' -e 's/^    kubernetes.io\/hostname: node02/&\n    pool: reports/'" kubectl edit node node02
kubectl patch node node02 --type=merge -p '{"spec":{"taints":[{"key":"dedicated","value":"reports","effect":"NoSchedule"}]}}'
kubectl patch node node01 --type=json -p '[{"op":"remove","path":"/spec/taints"}]'
kubectl get deployment reports -n analytics -o yaml > reports.yaml
sed -i 's/^      containers:/      nodeSelector:\n        pool: reports\n      tolerations:\n      - key: dedicated\n        value: reports\n        effect: NoSchedule\n&/' reports.yaml
kubectl replace -f reports.yaml
kubectl rollout status deployment reports -n analytics --timeout=60s
