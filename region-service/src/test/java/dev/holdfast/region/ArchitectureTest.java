package dev.holdfast.region;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.architecture.HouseRules;

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
    static final ArchRule servicesNeverUseOneAnother = HouseRules.importsNoOtherServiceThan("region");

    @ArchTest
    static final ArchRule featuresDontDependOnOneAnotherInCircles =
            slices().matching("dev.holdfast.region.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeChanceAndIdsComeFromOutside = HouseRules.TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE;
}
