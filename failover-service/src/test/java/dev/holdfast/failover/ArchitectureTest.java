package dev.holdfast.failover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.architecture.HouseRules;

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
    static final ArchRule promotionsAreDecidedWithoutDoingAnything = classes()
            .that()
            .resideInAPackage("dev.holdfast.failover.promotion..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "org.jspecify..", "dev.holdfast.model..", "dev.holdfast.failover.promotion..");

    @ArchTest
    static final ArchRule promotionsKnowNoClock = HouseRules.decidesWithoutDoing("dev.holdfast.failover.promotion..");

    @ArchTest
    static final ArchRule timeChanceAndIdsComeFromOutside = HouseRules.TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE;

    @ArchTest
    static final ArchRule servicesNeverImportOneAnother = HouseRules.importsNoOtherServiceThan("failover");

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
