package policy

import (
	"fmt"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
)

// An author compiles expressions as the server does when a policy is written, which allows no more than the version's CEL.
type author struct {
	*cel.CompositedCompiler
	options cel.OptionalVariableDeclarations
}

func authorOf(t *testing.T, on *version.Version, hasParams bool) author {
	t.Helper()
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(on))
	must(t, err)
	return author{compiler, cel.OptionalVariableDeclarations{HasParams: hasParams, HasAuthorizer: true}}
}

func (a author) compiles(t *testing.T, where string, expression cel.ExpressionAccessor) {
	t.Helper()
	if err := a.CompileCELExpression(expression, a.options, environment.NewExpressions).Error; err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

func (a author) variables(t *testing.T, variables []admissionv1.Variable) {
	t.Helper()
	for _, variable := range variables {
		expression := &validating.Variable{Name: variable.Name, Expression: variable.Expression}
		if err := a.CompileAndStoreVariable(expression, a.options, environment.NewExpressions).Error; err != nil {
			t.Errorf("variable %s: %v", variable.Name, err)
		}
	}
}

func (a author) conditions(t *testing.T, conditions []admissionv1.MatchCondition) {
	t.Helper()
	for _, condition := range conditions {
		a.compiles(t, "condition "+condition.Name, (*matchconditions.MatchCondition)(&condition))
	}
}

// The server's own level, which is that of the version before it, and the oldest that k8s/README.md names: it has less CEL.
func TestExpressionsMayBeWritten(t *testing.T) {
	stored := folder(t)
	for _, on := range []*version.Version{
		environment.DefaultCompatibilityVersion(), version.MajorMinor(1, 34),
	} {
		for _, policy := range all[*admissionv1.MutatingAdmissionPolicy](stored) {
			t.Run(fmt.Sprintf("%s on %s", policy.Name, on), func(t *testing.T) {
				a := authorOf(t, on, policy.Spec.ParamKind != nil)
				a.conditions(t, policy.Spec.MatchConditions)
				a.variables(t, policy.Spec.Variables)
				a.options.HasPatchTypes = true
				for _, mutation := range policy.Spec.Mutations {
					a.compiles(t, "mutation", &patch.JSONPatchCondition{Expression: mutation.JSONPatch.Expression})
				}
			})
		}
		for _, policy := range all[*admissionv1.ValidatingAdmissionPolicy](stored) {
			t.Run(fmt.Sprintf("%s on %s", policy.Name, on), func(t *testing.T) {
				a := authorOf(t, on, policy.Spec.ParamKind != nil)
				a.conditions(t, policy.Spec.MatchConditions)
				a.variables(t, policy.Spec.Variables)
				for i, validation := range policy.Spec.Validations {
					where := fmt.Sprintf("validation %d", i)
					a.compiles(t, where, &validating.ValidationCondition{Expression: validation.Expression})
					if validation.MessageExpression != "" {
						a.compiles(t, where+"'s message",
							&validating.MessageExpressionCondition{MessageExpression: validation.MessageExpression})
					}
				}
			})
		}
	}
}

// What the server would write into the policies' status, having held them against the schema of each kind that they name.
func TestTypesAreThoseOfTheSchemas(t *testing.T) {
	checker := validating.TypeChecker{
		SchemaResolver: &resolver.ClientDiscoveryResolver{Discovery: schemas{}},
		RestMapper:     kinds,
	}
	for _, policy := range all[*admissionv1.ValidatingAdmissionPolicy](folder(t)) {
		for _, warning := range checker.Check(policy) {
			t.Errorf("%s: %s: %s", policy.Name, warning.FieldRef, warning.Warning)
		}
	}
}
