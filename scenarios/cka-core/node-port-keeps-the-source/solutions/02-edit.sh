KUBE_EDITOR="sed -i -e 's/^  type: ClusterIP/  type: NodePort\n  externalTrafficPolicy: Local/' -e 's/^    port: 80/    port: 80\n    nodePort: {{nodePort}}/'" kubectl edit svc gate -n harbor
