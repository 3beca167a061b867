kubectl apply -f - <<MANIFEST
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {{kind.many}}.port.example.com
spec:
  group: port.example.com
  scope: Namespaced
  names:
    kind: {{kind.one}}
    plural: {{kind.many}}
    shortNames: [{{kind.short}}]
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns:
        - name: Length
          type: integer
          jsonPath: .spec.length
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [length]
              properties:
                length:
                  type: integer
                  minimum: 1
                  maximum: {{max}}
                side:
                  type: string
                  enum: [port, starboard]
MANIFEST
kubectl wait crd {{kind.many}}.port.example.com --for=condition=Established --timeout=30s
kubectl apply -n {{ns}} -f - <<MANIFEST
apiVersion: port.example.com/v1
kind: {{kind.one}}
metadata:
  name: east-1
spec:
  length: {{max}}
  side: starboard
MANIFEST
