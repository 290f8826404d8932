package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** What the validating policies say, evaluated with CEL for Java (see the package's page for what that shows). */
class GuardTest {
    private static PolicyFolder policy;

    @BeforeAll
    static void readsTheFolder() throws Exception {
        policy = PolicyFolder.read();
    }

    private static ObjectNode pod(String annotation, String value) {
        ObjectNode pod = (ObjectNode) Manifests.parse("""
                metadata: {labels: {culvert.dev/inject: "true"}}
                spec: {containers: [{name: app, ports: [{name: http, containerPort: 3000}]}]}
                """).get(0);
        pod.withObject("/metadata").withObject("annotations").put(annotation, value);
        return pod;
    }

    private static ObjectNode deployment(ObjectNode pod) {
        ObjectNode deployment = Manifests.JSON.createObjectNode();
        deployment.withObject("/spec").set("template", pod);
        return deployment;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app-port | http | culvert.dev/app-port=http: expected a port number, 1 to 65535",
                "app-port | 0 | culvert.dev/app-port=0: expected a port number, 1 to 65535",
                "app-port | 65536 | culvert.dev/app-port=65536: expected a port number, 1 to 65535",
                "app-port | 99999999999999999999 | culvert.dev/app-port=99999999999999999999: expected a port number, 1 to 65535",
                "listen-port | -1 | culvert.dev/listen-port=-1: expected a port number, 1 to 65535",
                "listen-port | 3000 | culvert.dev/listen-port=3000, culvert.dev/admin-port=10102: expected two ports that no container has",
                "listen-port | 10102 | culvert.dev/listen-port=10102, culvert.dev/admin-port=10102: expected two ports that no container has",
                "admin-port | 3000 | culvert.dev/listen-port=10101, culvert.dev/admin-port=3000: expected two ports that no container has",
                "app-port | 10101 | culvert.dev/listen-port=10101, culvert.dev/admin-port=10102: expected two ports that no container has",
                "upgrade-protocols | web socket | culvert.dev/upgrade-protocols=web socket: expected protocol names such as websocket, or *",
                "upgrade-protocols | websocket,, x | culvert.dev/upgrade-protocols=websocket,, x: expected protocol names such as websocket, or *",
                "trusted-proxies | 10.0.0.0/33 | culvert.dev/trusted-proxies=10.0.0.0/33: expected CIDRs such as 10.0.0.0/8 or fd00::/8",
                "trusted-proxies | ingress | culvert.dev/trusted-proxies=ingress: expected CIDRs such as 10.0.0.0/8 or fd00::/8",
                "drain-period | soon | culvert.dev/drain-period=soon: expected a time such as 500ms, 25s or 2m",
                "drain-period | 30s | culvert.dev/drain-period=30s: expected less than terminationGracePeriodSeconds, 30",
                "drain-period | 1m | culvert.dev/drain-period=1m: expected less than terminationGracePeriodSeconds, 30",
                "resources-limits-cpu | many | culvert.dev/resources-limits-cpu=many: expected a quantity such as 100m or 64Mi",
            })
    void aWrongAnnotationIsRefusedWithItsReason(String annotation, String value, String message) throws Exception {
        // Given
        ObjectNode pod = pod("culvert.dev/" + annotation, value);

        // When // Then
        assertThat(policy.guard().unmet(pod)).isEmpty();
        assertThat(policy.guard().objections(pod)).containsExactly(message);
        assertThat(policy.guard().unmet(deployment(pod))).isEmpty();
        assertThat(policy.guard().objections(deployment(pod))).containsExactly(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app-port | 1",
                "app-port | 65535",
                "listen-port | 80",
                "upgrade-protocols | *",
                "upgrade-protocols | websocket, SPDY/3.1,tcp",
                "trusted-proxies | 10.0.0.0/8, fd00::/8,192.0.2.1",
                "drain-period | 29s",
                "drain-period | 0s",
                "drain-period | 1500ms",
                "resources-limits-cpu | 0.5",
                "resources-requests-memory | 1Gi",
            })
    void aGoodAnnotationIsNotRefused(String annotation, String value) throws Exception {
        ObjectNode pod = pod("culvert.dev/" + annotation, value);

        assertThat(policy.guard().objections(pod)).isEmpty();
        assertThat(policy.slips().objections(deployment(pod))).isEmpty();
    }

    @Test
    void aPodThatDeclaresNoTcpPortMustSayWhereItsAppListens() throws Exception {
        ObjectNode pod = (ObjectNode) Manifests.parse("""
                metadata: {labels: {culvert.dev/inject: "true"}}
                spec: {containers: [{name: app}, {name: dns, ports: [{containerPort: 53, protocol: UDP}]}]}
                """).get(0);

        assertThat(policy.guard().objections(pod))
                .containsExactly(
                        "culvert.dev/app-port: expected the port that the app listens on, as no container declares one");
        pod.withObject("/metadata").withObject("annotations").put("culvert.dev/app-port", "3000");
        assertThat(policy.guard().objections(pod)).isEmpty();
    }

    @Test
    void aPortThatIsCalledCulvertIsRefused() throws Exception {
        ObjectNode pod = pod("example.org/other", "");
        ((ObjectNode) pod.at("/spec/containers/0/ports/0")).put("name", "culvert");

        assertThat(policy.guard().objections(pod))
                .containsExactly(
                        "the port name culvert: expected on no container, as a Service finds the sidecar by it");
    }

    @Test
    void aPortOfAnotherSidecarIsTaken() throws Exception {
        ObjectNode pod = pod("example.org/other", "");
        pod.withObject("/spec").set("initContainers", Manifests.parse("""
                [{name: mesh, restartPolicy: Always, ports: [{containerPort: 10102}]}]
                """).get(0));

        assertThat(policy.guard().objections(pod))
                .containsExactly("culvert.dev/listen-port=10101, culvert.dev/admin-port=10102:"
                        + " expected two ports that no container has");
    }

    @Test
    void aWorkloadThatKeepsItsTemplateIsNotLookedAtAgain() throws Exception {
        ObjectNode deployment = deployment(pod("culvert.dev/app-port", "http"));
        ObjectNode scaled = deployment.deepCopy();
        scaled.withObject("/spec").put("replicas", 3);
        ObjectNode corrected = deployment(pod("culvert.dev/app-port", "3000"));

        assertThat(policy.guard().unmet(scaled, deployment)).containsExactly("new-or-changed");
        assertThat(policy.slips().unmet(scaled, deployment)).containsExactly("new-or-changed");
        assertThat(policy.guard().unmet(corrected, deployment)).isEmpty();
    }

    @Test
    void aPodOnTheNetworkOfItsNodeIsRefused() throws Exception {
        ObjectNode pod = pod("example.org/other", "");
        pod.withObject("/spec").put("hostNetwork", true);

        assertThat(policy.guard().objections(pod))
                .containsExactly(
                        "culvert.dev/inject: expected no hostNetwork, as Culvert would listen on the node; remove the label");
    }

    @Test
    void nobodyWithoutTheLabelIsLookedAt() throws Exception {
        ObjectNode pod = pod("culvert.dev/app-port", "http");
        pod.withObject("/metadata").withObject("labels").put("culvert.dev/inject", "false");

        assertThat(policy.guard().unmet(pod)).containsExactly("labelled");
        assertThat(policy.guard().unmet(deployment(pod))).containsExactly("labelled");
        assertThat(policy.slips().unmet(pod)).containsExactly("labelled");
        pod.remove("metadata");
        assertThat(policy.guard().unmet(pod)).containsExactly("labelled");
    }

    @Test
    void aPodThatWasNotInjectedIsWarnedOf() throws Exception {
        ObjectNode pod = pod("culvert.dev/app-port", "3000");

        assertThat(policy.slips().objections(pod))
                .containsExactly("labelled culvert.dev/inject, but no culvert container was put in: is"
                        + " MutatingAdmissionPolicy on (Kubernetes 1.36)? Else use k8s/sidecar");
    }

    @Test
    void anAnnotationThatMeansNothingIsWarnedOf() throws Exception {
        ObjectNode pod = pod("culvert.dev/port", "3000");

        assertThat(policy.slips().objections(deployment(pod)))
                .containsExactly("culvert.dev/port is no annotation of Culvert and is ignored");
    }
}
