package dev.holdfast.region;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

@AnalyzeClasses(packages = "dev.holdfast.region", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] PURE = {
        "java..", "org.jspecify..", "dev.holdfast.api..", "dev.holdfast.model..", "dev.holdfast.region.declaration.."
    };

    @ArchTest
    static final ArchRule whatIsDeclaredIsJudgedWithoutAnyShell = classes()
            .that()
            .resideInAPackage("dev.holdfast.region.declaration")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(PURE);

    @ArchTest
    static final ArchRule synchronisationIsDecidedWithoutAnyShell = noClasses()
            .that()
            .haveSimpleNameStartingWith("SynchronisationDecider")
            .or()
            .haveSimpleName("JoiningNode")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(
                    "java..", "org.jspecify..", "dev.holdfast.model..", "dev.holdfast.region.synchronisation");

    @ArchTest
    static final ArchRule servicesNeverUseOneAnother = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.gateway..", "dev.holdfast.health..", "dev.holdfast.failover..");

    @ArchTest
    static final ArchRule featuresDontDependOnOneAnotherInCircles =
            slices().matching("dev.holdfast.region.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeChanceAndIdsComeFromOutside = noClasses()
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
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callConstructor(Random.class);
}
