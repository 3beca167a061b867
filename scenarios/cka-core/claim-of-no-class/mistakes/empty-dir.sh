kubectl patch deployment gallery -n {{ns}} --type=json -p '[{"op":"replace","path":"/spec/template/spec/volumes/0","value":{"name":"uploads","emptyDir":{}}}]'
