kubectl patch deployment resizer -n {{ns}} --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args/3","value":"60M"}]'
