kubectl patch deployment index -n {{ns}} --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/livenessProbe"}]'
