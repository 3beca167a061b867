kubectl get daemonset reporter -n {{ns}} -o json | jq '
  .spec.template.spec.tolerations = [{operator: "Exists", effect: "NoSchedule"}, {operator: "Exists", effect: "NoExecute"}]
  | .spec.template.spec.volumes = [{name: "conf", hostPath: {path: "/etc/cni/net.d", type: "Directory"}}]
  | .spec.template.spec.containers[0].volumeMounts = [{name: "conf", mountPath: "/cni", readOnly: true}]' > reporter.json
kubectl replace --force -f reporter.json
