package policy

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// The server stops an expression that costs too much, and the pod is refused in CEL's words. No pod is as large as this
// one, of which the guard reads every port and every name.
func TestAPodLargerThanAnyStaysWithinTheCost(t *testing.T) {
	pod := podOf(annotated("culvert.dev/upgrade-protocols", strings.Repeat("websocket/13, ", 999)+"websocket"))
	pod.Annotations["culvert.dev/trusted-proxies"] = strings.Repeat("fd00:1234:5678:9abc::/64, ", 999) + "10.0.0.0/8"
	for i := range 100 {
		container := corev1.Container{Name: fmt.Sprintf("more-%d", i)}
		for port := range 100 {
			container.Ports = append(container.Ports, corev1.ContainerPort{ContainerPort: int32(20000 + 100*i + port)})
		}
		pod.Spec.Containers = append(pod.Spec.Containers, container)
	}

	got := start(t, folder(t)...).admit(t, "default", pod, nil)

	says(t, got, "")
	if sidecar(got.object) == nil {
		t.Error("not injected")
	}
}
