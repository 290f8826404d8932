package policy

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime"
)

const missing = "labelled culvert.dev/inject, but no culvert container was put in: is MutatingAdmissionPolicy on (Kubernetes 1.36)? Else use k8s/sidecar"

func TestALimitForTheCpuMayBeSetForAll(t *testing.T) {
	stored := folder(t)
	one[*corev1.ConfigMap](t, stored).Data["resources-limits-cpu"] = "2"

	got := start(t, stored...).admit(t, "default", decode(t, fixture(t, "bare.pod.yaml")), nil)

	says(t, got, "")
	container := sidecar(got.object)
	if container == nil || container.Resources.Limits.Cpu().Cmp(resource.MustParse("2")) != 0 {
		t.Errorf("put in: %v", container)
	}
}

func TestWithoutItsConfigMapALabelledPodIsRefused(t *testing.T) {
	stored := slices.DeleteFunc(folder(t), func(object runtime.Object) bool {
		_, ok := object.(*corev1.ConfigMap)
		return ok
	})
	s := start(t, stored...)

	got := s.admit(t, "default", decode(t, fixture(t, "bare.pod.yaml")), nil)

	if got.refusal == nil || !strings.HasSuffix(got.refusal.Error(),
		"no params found for policy binding with `Deny` parameterNotFoundAction") {
		t.Errorf("refused with %v", got.refusal)
	}
	unlabelled := decode(t, fixture(t, "bare.pod.yaml")).(*corev1.Pod)
	unlabelled.Labels = nil
	says(t, s.admit(t, "default", unlabelled, nil), "")
}

func TestNothingIsPutIntoKubeSystem(t *testing.T) {
	pod := decode(t, fixture(t, "bare.pod.yaml"))

	got := start(t, folder(t)...).admit(t, "kube-system", pod, nil)

	says(t, got, "", missing)
	same(t, got.object, pod)
}
