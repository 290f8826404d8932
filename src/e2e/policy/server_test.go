// Package policy holds k8s/policy against the API server's own code: see README.md.
package policy

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/meta/testrestmapper"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/util/compatibility"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/client-go/discovery"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/openapi"
	"k8s.io/client-go/openapi/openapitest"
)

// How long the plugins may take to have read what the server stores; tenths of a second are usual.
const ready = time.Minute

// kinds knows each kind's resource, as the server's own discovery does.
var kinds = testrestmapper.TestOnlyStaticRESTMapper(scheme.Scheme)

// A server is the admission of an API server: its two plugins for policies, set up as it does it, behind a client that
// knows what is stored.
type server struct {
	chain admission.Interface
}

// A verdict is what comes of a request.
type verdict struct {
	object   runtime.Object
	refusal  error
	warnings []string
}

// schemas is the client's discovery with the API's published schemas, which the plain fake lacks.
type schemas struct {
	discovery.DiscoveryInterface
}

func (schemas) OpenAPIV3() openapi.Client { return openapitest.NewEmbeddedFileClient() }

type client struct {
	*fake.Clientset
}

func (c client) Discovery() discovery.DiscoveryInterface { return schemas{c.Clientset.Discovery()} }

// unconfigured is what a server without --admission-control-config-file tells its plugins.
type unconfigured struct{}

func (unconfigured) ConfigFor(string) (io.Reader, error) { return nil, nil }

// start makes a server that stores these objects, until the test ends.
func start(t *testing.T, stored ...runtime.Object) server {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	for _, name := range []string{"default", "kube-system"} {
		stored = append(stored, &corev1.Namespace{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelMetadataName: name}},
		})
	}
	storage := client{fake.NewClientset(stored...)}
	informer := informers.NewSharedInformerFactory(storage, 0)
	setUp := initializer.New(storage, dynamicfake.NewSimpleDynamicClient(scheme.Scheme), informer,
		authorizerfactory.NewAlwaysAllowAuthorizer(), utilfeature.DefaultFeatureGate,
		compatibility.DefaultBuildEffectiveVersion(), ctx.Done(), kinds)
	var plugins admission.Plugins
	mutating.Register(&plugins)
	validating.Register(&plugins)
	chain, err := plugins.NewFromPlugins([]string{mutating.PluginName, validating.PluginName}, unconfigured{}, setUp, nil)
	must(t, err)
	informer.Start(ctx.Done())
	informer.WaitForCacheSync(ctx.Done())
	s := server{chain}
	s.awaitSchemas(t)
	return s
}

// awaitSchemas asks until the mutating plugin has read the schemas; up to then it answers 503.
func (s server) awaitSchemas(t *testing.T) {
	t.Helper()
	pod := func() runtime.Object { return decode(t, fixture(t, "bare.pod.yaml")) }
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, ready, true, func(context.Context) (bool, error) {
		return !apierrors.IsServiceUnavailable(s.admit(t, "default", pod(), nil).refusal), nil
	})
	must(t, err)
}

type recorder struct {
	warnings []string
}

func (r *recorder) AddWarning(_, text string) { r.warnings = append(r.warnings, text) }

// admit takes an object through admission: created, or updated where there was one before. The object is not changed.
func (s server) admit(t *testing.T, namespace string, object, before runtime.Object) verdict {
	t.Helper()
	object = object.DeepCopyObject()
	kind := object.GetObjectKind().GroupVersionKind()
	mapping, err := kinds.RESTMapping(kind.GroupKind(), kind.Version)
	must(t, err)
	accessor, err := meta.Accessor(object)
	must(t, err)
	accessor.SetNamespace(namespace)
	operation, options := admission.Create, runtime.Object(&metav1.CreateOptions{})
	if before != nil {
		operation, options = admission.Update, &metav1.UpdateOptions{}
	}
	attributes := admission.NewAttributesRecord(object, before, kind, namespace, accessor.GetName(), mapping.Resource, "",
		operation, options, false, &user.DefaultInfo{Name: "author"})
	said := &recorder{}
	ctx := warning.WithWarningRecorder(t.Context(), said)
	interfaces := admission.NewObjectInterfacesFromScheme(scheme.Scheme)
	refusal := s.chain.(admission.MutationInterface).Admit(ctx, attributes, interfaces)
	if refusal == nil {
		refusal = s.chain.(admission.ValidationInterface).Validate(ctx, attributes, interfaces)
	}
	accessor.SetNamespace("")
	object.GetObjectKind().SetGroupVersionKind(kind) // Which a conversion between types takes away.
	return verdict{object, refusal, said.warnings}
}

// refused is what the server says where a policy of the guard refuses a request.
func refused(object runtime.Object, policy, reason string) string {
	accessor, _ := meta.Accessor(object)
	kind := object.GetObjectKind().GroupVersionKind()
	mapping, _ := kinds.RESTMapping(kind.GroupKind(), kind.Version)
	return fmt.Sprintf("%s %q is forbidden: ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s",
		mapping.Resource.GroupResource(), cmp.Or(accessor.GetName(), accessor.GetGenerateName()), policy, policy, reason)
}

// warned is what it says where one that warns is of another opinion.
func warned(policy, reason string) string {
	return fmt.Sprintf("Validation failed for ValidatingAdmissionPolicy '%s' with binding '%s': %s", policy, policy, reason)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
