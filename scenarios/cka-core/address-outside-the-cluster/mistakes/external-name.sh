kubectl create service externalname legacy-db -n {{ns}} --external-name={{address}} --tcp={{port}}
