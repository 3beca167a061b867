kubectl get --raw '/apis/metrics.k8s.io/v1beta1/namespaces/{{ns}}/pods?labelSelector=tier%3Dbatch' > metrics.json
jq -r '[.items[] | {name: .metadata.name, use: (.containers[0].usage.cpu | rtrimstr("n") | tonumber)}] | max_by(.use).name' metrics.json > ~/busiest.txt
jq -r '[.items[] | {name: .metadata.name, use: (.containers[0].usage.memory | rtrimstr("Ki") | tonumber)}] | max_by(.use).name' metrics.json > ~/hungriest.txt
