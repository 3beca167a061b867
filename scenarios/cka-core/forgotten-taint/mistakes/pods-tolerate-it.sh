kubectl patch deployment ingest -n newsroom --type=json -p '[{"op":"add","path":"/spec/template/spec/tolerations/-","value":{"key":"firmware","operator":"Exists"}}]'
