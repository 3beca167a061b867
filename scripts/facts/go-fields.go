// Prints, for every API type of Kubernetes by its OpenAPI name, what OpenAPI does not say: the Go type of each field,
// whether it is a pointer, and which zero values are left out. Run by go-fields.mjs.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"

	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/authentication/install"
	_ "k8s.io/kubernetes/pkg/apis/authorization/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/events/install"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
)

type goType struct {
	Go     string     `json:"go"`
	Fields [][]string `json:"fields"`
}

var seen = map[reflect.Type]bool{}
var types = map[string]goType{}

func schemaName(t reflect.Type) string {
	path := strings.Replace(t.PkgPath(), "k8s.io/", "io.k8s.", 1)
	return strings.ReplaceAll(path, "/", ".") + "." + t.Name()
}

func visit(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		visit(t.Elem())
	case reflect.Map:
		visit(t.Elem())
	case reflect.Struct:
		if seen[t] || !strings.HasPrefix(t.PkgPath(), "k8s.io/") {
			return
		}
		seen[t] = true
		types[schemaName(t)] = goType{Go: t.String(), Fields: fields(t, "")}
	}
}

// fields lists [name, Go type without the pointer, flags, names of embedded structs around it]; flags: p pointer,
// o omitempty, z omitzero, u has its own way of reading JSON.
func fields(t reflect.Type, embedded string) [][]string {
	list := [][]string{}
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("json"), ",")
		if !field.IsExported() || tag[0] == "-" {
			continue
		}
		if field.Anonymous && tag[0] == "" {
			path := field.Name
			if embedded != "" {
				path = embedded + "." + path
			}
			inner := field.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				list = append(list, fields(inner, path)...)
			}
			continue
		}
		flags := ""
		inner := field.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
			flags += "p"
		}
		for _, option := range tag[1:] {
			switch option {
			case "omitempty":
				flags += "o"
			case "omitzero":
				flags += "z"
			}
		}
		if reflect.PointerTo(inner).Implements(reflect.TypeFor[json.Unmarshaler]()) {
			flags += "u"
		}
		row := []string{tag[0], inner.String(), flags}
		if embedded != "" {
			row = append(row, embedded)
		}
		list = append(list, row)
		visit(inner)
	}
	return list
}

func main() {
	for _, t := range legacyscheme.Scheme.AllKnownTypes() {
		if !strings.Contains(t.PkgPath(), "pkg/apis/") || strings.HasPrefix(t.PkgPath(), "k8s.io/api") {
			visit(t)
		}
	}
	for _, object := range []any{
		apiextensions.CustomResourceDefinitionList{}, apiregistration.APIServiceList{}, metav1.Status{}, metav1.DeleteOptions{},
		metav1.APIGroupList{}, metav1.APIResourceList{}, metav1.WatchEvent{}, metav1.Patch{}, metav1.FieldSelectorRequirement{},
	} {
		visit(reflect.TypeOf(object))
	}
	encoder := json.NewEncoder(os.Stdout)
	if err := encoder.Encode(types); err != nil {
		panic(err)
	}
}
