kubectl patch deployment {{app}} -n {{ns}} --type=json \
  -p '[{"op":"add","path":"/spec/template/spec/containers/0/resources/limits","value":{"cpu":"0.5","memory":"512Mi"}}]'
