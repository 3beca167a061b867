kubectl taint node {{node}} hardware-
kubectl taint node controlplane node-role.kubernetes.io/control-plane-
kubectl get daemonset reporter -n {{ns}} -o json | jq '.spec.template.spec.volumes = [{name: "c", hostPath: {path: "/etc/cni/net.d"}}] | .spec.template.spec.containers[0].volumeMounts = [{name: "c", mountPath: "/cni", readOnly: true}]' | kubectl replace -f -
