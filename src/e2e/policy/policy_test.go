package policy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

const (
	guard = "annotations.culvert.dev"
	slips = "slips.culvert.dev"
)

// says holds a refusal and warnings against what is expected; no refusal is an empty one.
func says(t *testing.T, got verdict, refusal string, warnings ...string) {
	t.Helper()
	expected := refusal
	if refusal != "" {
		expected = refused(got.object, guard, refusal)
	}
	actual := ""
	if got.refusal != nil {
		actual = got.refusal.Error()
	}
	if actual != expected {
		t.Errorf("refused with %q, expected %q", actual, expected)
	}
	for i, warning := range warnings {
		warnings[i] = warned(slips, warning)
	}
	if !slices.Equal(got.warnings, warnings) {
		t.Errorf("warned of %q, expected %q", got.warnings, warnings)
	}
}

func TestALabelledPodGetsTheContainer(t *testing.T) {
	s := start(t, folder(t)...)
	for _, name := range []string{"bare", "annotated", "short-grace", "no-grace"} {
		t.Run(name, func(t *testing.T) {
			got := s.admit(t, "default", decode(t, fixture(t, name+".pod.yaml")), nil)

			says(t, got, "")
			same(t, got.object, decode(t, fixture(t, name+".injected.yaml")))
		})
	}
}

func TestAnInjectedPodIsLeftAlone(t *testing.T) {
	s := start(t, folder(t)...)
	injected := decode(t, fixture(t, "annotated.injected.yaml"))

	got := s.admit(t, "default", injected, nil)

	says(t, got, "")
	same(t, got.object, injected)
}

func TestTheExampleIsInjected(t *testing.T) {
	s := start(t, folder(t)...)
	deployment := one[*appsv1.Deployment](t, documents(t, example))

	says(t, s.admit(t, "default", deployment, nil), "")
	pod := podOf(deployment)
	got := s.admit(t, "default", pod, nil)

	says(t, got, "")
	if sidecar(got.object) == nil {
		t.Error("not injected")
	}
}

// podOf is what the Deployment's controllers create.
func podOf(deployment *appsv1.Deployment) *corev1.Pod {
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: *deployment.Spec.Template.ObjectMeta.DeepCopy(),
		Spec:       *deployment.Spec.Template.Spec.DeepCopy(),
	}
	pod.GenerateName = deployment.Name + "-"
	return pod
}

// annotated is the Deployment whose pods have this annotation.
func annotated(annotation, value string) *appsv1.Deployment {
	return &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Name: "app"},
		Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{
				Labels:      map[string]string{"culvert.dev/inject": "true"},
				Annotations: map[string]string{annotation: value},
			},
			Spec: corev1.PodSpec{Containers: []corev1.Container{
				{Name: "app", Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 3000}}},
			}},
		}},
	}
}

func TestGuardOfAnnotations(t *testing.T) {
	s := start(t, folder(t)...)
	rows := 0
	lines := bufio.NewScanner(bytes.NewReader(fixture(t, "annotations.csv")))
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		rows++
		fields := strings.SplitN(lines.Text(), "|", 3)
		annotation, value, refusal := strings.TrimSpace(fields[0]), strings.TrimSpace(fields[1]), strings.TrimSpace(fields[2])
		t.Run(annotation+"="+value, func(t *testing.T) {
			deployment := annotated("culvert.dev/"+annotation, value)

			says(t, s.admit(t, "default", deployment, nil), refusal)
			pod := s.admit(t, "default", podOf(deployment), nil)
			pod.warnings = nil // A pod that the injection leaves to the guard is warned of, too; objects.yaml has that.
			says(t, pod, refusal)
		})
	}
	if rows == 0 {
		t.Error("no rows")
	}
}

func TestGuardOfObjects(t *testing.T) {
	s := start(t, folder(t)...)
	var rows []struct {
		Name           string
		Object, Before json.RawMessage
		Injected       bool
		Refused        string
		Warned         []string
	}
	must(t, yaml.UnmarshalStrict(fixture(t, "objects.yaml"), &rows))
	if len(rows) == 0 {
		t.Error("no rows")
	}
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			object := decode(t, row.Object)
			var before runtime.Object
			if row.Before != nil {
				before = decode(t, row.Before)
			}

			got := s.admit(t, "default", object, before)

			says(t, got, row.Refused, row.Warned...)
			if isInjected := sidecar(got.object) != nil; row.Injected != isInjected {
				t.Errorf("injected: %t, expected %t", isInjected, row.Injected)
			}
			if !row.Injected {
				same(t, got.object, object)
			}
		})
	}
}
