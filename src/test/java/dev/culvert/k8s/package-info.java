/**
 * What stands in {@code k8s/}, held against what reads it: kubectl's kustomize and its strategic merge, fabric8's model of
 * the API, CEL, and Culvert's own settings.
 *
 * <p>No API server takes part. CEL is Google's for Java, in an environment that is built after the API server's
 * ({@link dev.culvert.k8s.AdmissionCel}): it shows that the policies' expressions are of the right types and what they
 * make of a pod, not that a server accepts the policies. {@code src/e2e/policy} plays the same rows and pods to the API
 * server's own admission code, where Debian's packages of it can be had.
 */
@NullMarked
package dev.culvert.k8s;

import org.jspecify.annotations.NullMarked;
