kubectl patch deployment reader -n {{ns.own}} --type=json -p '[{"op":"replace","path":"/spec/template/spec/volumes/0","value":{"name":"minutes","emptyDir":{}}}]'
