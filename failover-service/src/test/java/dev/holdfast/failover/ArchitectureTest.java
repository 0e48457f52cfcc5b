package dev.holdfast.failover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule decisionsAreMadeWithoutDoingAnything = classes()
            .that()
            .resideInAPackage("dev.holdfast.failover.operation..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    // Converts parameters between records and maps.
                    "tools.jackson..",
                    "dev.holdfast.api..",
                    "dev.holdfast.model..",
                    "dev.holdfast.failover.operation..");

    @ArchTest
    static final ArchRule timeChanceAndIdsComeFromOutside = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.failover..")
            .and()
            .resideOutsideOfPackage("dev.holdfast.failover.config..")
            .and()
            .haveSimpleNameNotEndingWith("Configuration")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callConstructor(Random.class);

    @ArchTest
    static final ArchRule servicesNeverImportOneAnother = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.failover..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.region..", "dev.holdfast.health..", "dev.holdfast.gateway..");

    @ArchTest
    static final ArchRule onlyTheWiringKnowsTheSettings = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.failover..")
            .and()
            .resideOutsideOfPackage("dev.holdfast.failover.config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.holdfast.failover.config..");
}
