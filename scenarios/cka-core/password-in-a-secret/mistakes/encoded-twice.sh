kubectl create secret generic db-login -n {{ns}} --from-literal=username=cashier --from-literal=password="$(echo -n '{{password.plain}}' | base64)"
kubectl patch secret db-login -n {{ns}} -p '{"immutable":true}'
kubectl patch deployment cashier -n {{ns}} -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"DB_PASSWORD","$patch":"delete"},{"name":"DB_USER","valueFrom":{"secretKeyRef":{"name":"db-login","key":"username"}}}],"volumeMounts":[{"name":"db","mountPath":"/run/db"}]}],"volumes":[{"name":"db","secret":{"secretName":"db-login","defaultMode":256}}]}}}}'
