package dev.holdfast.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.architecture.HouseRules;

@AnalyzeClasses(packages = "dev.holdfast.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule routingAndRetryArePure = classes()
            .that()
            .resideInAnyPackage("dev.holdfast.gateway.routing", "dev.holdfast.gateway.retry")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "dev.holdfast.model..",
                    "dev.holdfast.gateway.routing",
                    "dev.holdfast.gateway.retry");

    @ArchTest
    static final ArchRule deciderAndCandidatesArePure = classes()
            .that()
            .haveSimpleName("EjectionDecider")
            .or()
            .haveSimpleName("EjectedNodes")
            .or()
            .haveSimpleName("Candidates")
            .or()
            .haveSimpleName("WeightedRoundRobin")
            .or()
            .haveSimpleName("LeastRequest")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.holdfast.model..", "dev.holdfast.gateway..");

    @ArchTest
    static final ArchRule tcpRoutesArePure = HouseRules.decidesWithoutDoing("dev.holdfast.gateway.tcp.route");

    @ArchTest
    static final ArchRule timeAndChanceComeFromOutside = HouseRules.TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE;

    @ArchTest
    static final ArchRule theDataPlaneKnowsNothingOfTheControlPlane = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.holdfast.gateway.activity",
                    "dev.holdfast.gateway.balancing",
                    "dev.holdfast.gateway.ejection",
                    "dev.holdfast.gateway.forwarding",
                    "dev.holdfast.gateway.hints",
                    "dev.holdfast.gateway.retry",
                    "dev.holdfast.gateway.routing",
                    "dev.holdfast.gateway.snapshot",
                    "dev.holdfast.gateway.tcp",
                    "dev.holdfast.gateway.tcp.route")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.gateway.control..");

    @ArchTest
    static final ArchRule noServiceKnowsAnother = HouseRules.importsNoOtherServiceThan("gateway");
}
