package policy

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

const (
	policies = "../../../k8s/policy"
	example  = "../../../k8s/example/policy/app.yaml"
	fixtures = "../../test/resources/k8s/policy"
)

// strict refuses what the API does not know.
var strict = serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	must(t, err)
	return content
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	return read(t, filepath.Join(fixtures, name))
}

// decode reads one object, in YAML or JSON.
func decode(t *testing.T, document []byte) runtime.Object {
	t.Helper()
	object, kind, err := strict.Decode(document, nil, nil)
	must(t, err)
	object.GetObjectKind().SetGroupVersionKind(*kind)
	return object
}

// documents reads the objects of a file.
func documents(t *testing.T, file string) []runtime.Object {
	t.Helper()
	var objects []runtime.Object
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(read(t, file))))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return objects
		}
		must(t, err)
		objects = append(objects, decode(t, document))
	}
}

// folder reads k8s/policy as kubectl apply -k does, with what the API server fills in.
func folder(t *testing.T) []runtime.Object {
	t.Helper()
	var kustomization struct{ Resources []string }
	must(t, yaml.Unmarshal(read(t, filepath.Join(policies, "kustomization.yaml")), &kustomization))
	var objects []runtime.Object
	for _, file := range kustomization.Resources {
		objects = append(objects, documents(t, filepath.Join(policies, file))...)
	}
	for _, object := range objects {
		setDefaults(object)
	}
	return objects
}

// one finds the only object of a type.
func one[T runtime.Object](t *testing.T, objects []runtime.Object) T {
	t.Helper()
	found := all[T](objects)
	if len(found) != 1 {
		t.Fatalf("%d objects of the type, expected one", len(found))
	}
	return found[0]
}

func all[T runtime.Object](objects []runtime.Object) []T {
	var found []T
	for _, object := range objects {
		if object, ok := object.(T); ok {
			found = append(found, object)
		}
	}
	return found
}

// setDefaults does what kube-apiserver does when it stores one of these (pkg/apis/admissionregistration/v1/defaults.go of
// kubernetes), which is none of the packages.
func setDefaults(object runtime.Object) {
	var match *admissionv1.MatchResources
	switch object := object.(type) {
	case *admissionv1.MutatingAdmissionPolicy:
		match = object.Spec.MatchConstraints
	case *admissionv1.MutatingAdmissionPolicyBinding:
		match = object.Spec.MatchResources
	case *admissionv1.ValidatingAdmissionPolicy:
		match = object.Spec.MatchConstraints
	case *admissionv1.ValidatingAdmissionPolicyBinding:
		match = object.Spec.MatchResources
	}
	if match == nil {
		return
	}
	match.MatchPolicy = or(match.MatchPolicy, admissionv1.Equivalent)
	match.NamespaceSelector = or(match.NamespaceSelector, metav1.LabelSelector{})
	match.ObjectSelector = or(match.ObjectSelector, metav1.LabelSelector{})
	for i := range match.ResourceRules {
		match.ResourceRules[i].Scope = or(match.ResourceRules[i].Scope, admissionv1.AllScopes)
	}
}

func or[T any](value *T, otherwise T) *T {
	if value == nil {
		return &otherwise
	}
	return value
}

// same holds an object against another and says where they differ.
func same(t *testing.T, actual, expected runtime.Object) {
	t.Helper()
	if !equality.Semantic.DeepEqual(actual, expected) {
		t.Errorf("-expected +actual\n%s", cmp.Diff(text(t, expected), text(t, actual)))
	}
}

func text(t *testing.T, object runtime.Object) string {
	t.Helper()
	document, err := yaml.Marshal(object)
	must(t, err)
	return string(document)
}

// sidecar is a pod's native sidecar; nil where it has none, or is no pod.
func sidecar(object runtime.Object) *corev1.Container {
	if pod, ok := object.(*corev1.Pod); ok {
		for _, container := range pod.Spec.InitContainers {
			if container.Name == "culvert" {
				return &container
			}
		}
	}
	return nil
}
