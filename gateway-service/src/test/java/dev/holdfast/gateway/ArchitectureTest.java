package dev.holdfast.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.UUID;

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
    static final ArchRule timeAndChanceComeFromOutside = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Configuration")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

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
                    "dev.holdfast.gateway.snapshot")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.gateway.control..");

    @ArchTest
    static final ArchRule noServiceKnowsAnother = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.region..",
                    "dev.holdfast.health..",
                    "dev.holdfast.failover..",
                    "dev.holdfast.quickstart..");
}
