package dev.holdfast.health;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

@AnalyzeClasses(packages = "dev.holdfast.health", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule decidingCodeIsPure = classes()
            .that()
            .resideInAnyPackage(
                    "dev.holdfast.health.verdict", "dev.holdfast.health.opinion", "dev.holdfast.health.isolation")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.time..",
                    "java.util..",
                    "org.jspecify..",
                    "dev.holdfast.model..",
                    "dev.holdfast.health.verdict",
                    "dev.holdfast.health.opinion",
                    "dev.holdfast.health.isolation");

    @ArchTest
    static final ArchRule featuresHaveNoCycles =
            slices().matching("dev.holdfast.health.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noOtherServiceIsImported = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.holdfast.gateway..",
                    "dev.holdfast.failover..",
                    "dev.holdfast.region..",
                    "dev.holdfast.quickstart..");

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
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callConstructor(Random.class);

    @ArchTest
    static final ArchRule decidersHoldNoState = classes()
            .that()
            .haveSimpleNameEndingWith("Decider")
            .or()
            .haveSimpleName("OpinionRule")
            .should()
            .haveOnlyFinalFields();
}
