kubectl create secret generic db-login -n {{ns}} --from-literal=username=cashier --from-literal=password='{{password.plain}}'
kubectl patch secret db-login -n {{ns}} -p '{"immutable":true}'
kubectl patch deployment cashier -n {{ns}} -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"DB_PASSWORD","$patch":"delete"},{"name":"DB_USER","valueFrom":{"secretKeyRef":{"name":"db-login","key":"user"}}}],"volumeMounts":[{"name":"db","mountPath":"/run/db","readOnly":true}]}],"volumes":[{"name":"db","secret":{"secretName":"db-login","defaultMode":256}}]}}}}'
