kubectl create -f - <<MANIFEST
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
    singular: dock
    listKind: {{kind.one}}List
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
          required: [spec]
          properties:
            spec:
              type: object
              required: [length]
              properties:
                length:
                  type: integer
                  format: int32
                side:
                  type: string
                  pattern: '^(port|starboard)$'
              x-kubernetes-validations:
                - rule: self.length >= 1 && self.length <= {{max}}
                  message: 'spec.length has to be from 1 to {{max}}'
MANIFEST
kubectl wait crd {{kind.many}}.port.example.com --for=condition=Established --timeout=30s
kubectl create -n {{ns}} -f - <<MANIFEST
apiVersion: port.example.com/v1
kind: {{kind.one}}
metadata:
  name: east-1
spec:
  length: {{max}}
  side: starboard
MANIFEST
