KUBE_EDITOR="sed -i -e 's/^  name: {{node.own}}/&/' -e 's/^    kubernetes.io\/hostname: {{node.own}}/&\n    pool: {{pool}}/'" kubectl edit node {{node.own}}
kubectl patch node {{node.own}} --type=merge -p '{"spec":{"taints":[{"key":"dedicated","value":"{{pool}}","effect":"NoSchedule"}]}}'
kubectl patch node {{node.other}} --type=json -p '[{"op":"remove","path":"/spec/taints"}]'
kubectl get deployment reports -n analytics -o yaml > reports.yaml
sed -i 's/^      containers:/      nodeSelector:\n        pool: {{pool}}\n      tolerations:\n      - key: dedicated\n        value: {{pool}}\n        effect: NoSchedule\n&/' reports.yaml
kubectl replace -f reports.yaml
kubectl rollout status deployment reports -n analytics --timeout=60s
