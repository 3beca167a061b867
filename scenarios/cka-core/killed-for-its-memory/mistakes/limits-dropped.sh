kubectl patch deployment resizer -n {{ns}} --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/resources"}]'
