package dev.holdfast.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.architecture.HouseRules;

@AnalyzeClasses(packages = "dev.holdfast.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule decisionsAreMadeWithoutDoingAnything = classes()
            .that(simpleName("OrderRules")
                    .or(simpleName("AgentRecord"))
                    .or(simpleName("IsolationDecider"))
                    .or(simpleName("StandbyReplies"))
                    .or(simpleName("NextStep"))
                    .or(simpleName("TimeGap"))
                    .or(simpleName("RoleProbe"))
                    .or(simpleName("Divergence"))
                    .or(simpleName("TimelineHistory")))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.time",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "org.jspecify..",
                    "dev.holdfast.api..",
                    "dev.holdfast.model..",
                    "dev.holdfast.agent..");

    @ArchTest
    static final ArchRule theStoreIsNoneOfItsBusiness = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.holdfast.model.store..", "dev.holdfast.store..", "jakarta.persistence..");

    @ArchTest
    static final ArchRule servicesNeverUseOneAnother = HouseRules.importsNoOtherServiceThan("agent");

    @ArchTest
    static final ArchRule featuresDontDependOnOneAnotherInCircles =
            slices().matching("dev.holdfast.agent.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeChanceAndIdsComeFromOutside = HouseRules.TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE;

    @ArchTest
    static final ArchRule packagesNameFeatures = HouseRules.PACKAGES_NAME_FEATURES;

    @ArchTest
    static final ArchRule configurationIsARecord = HouseRules.CONFIGURATION_IS_A_RECORD;

    @ArchTest
    static final ArchRule nothingPrints = HouseRules.NOTHING_PRINTS;
}
