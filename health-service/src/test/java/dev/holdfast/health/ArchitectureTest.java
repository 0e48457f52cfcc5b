package dev.holdfast.health;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.architecture.HouseRules;

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
    static final ArchRule noOtherServiceIsImported = HouseRules.importsNoOtherServiceThan("health");

    @ArchTest
    static final ArchRule timeAndChanceComeFromOutside = HouseRules.TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE;

    @ArchTest
    static final ArchRule decidersHoldNoState = classes()
            .that()
            .haveSimpleNameEndingWith("Decider")
            .or()
            .haveSimpleName("OpinionRule")
            .should()
            .haveOnlyFinalFields();
}
