kubectl create service clusterip {{app}} -n {{ns}} --tcp=80 --tcp=9000
kubectl patch service {{app}} -n {{ns}} --type=json -p '[
  {"op":"replace","path":"/spec/ports","value":[
    {"name":"score","port":9000,"targetPort":"score"},
    {"name":"play","port":80,"targetPort":"play"}]},
  {"op":"replace","path":"/spec/sessionAffinity","value":"ClientIP"},
  {"op":"add","path":"/spec/sessionAffinityConfig","value":{"clientIP":{"timeoutSeconds":{{seconds}}}}}]'
