package dev.holdfast.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast", importOptions = HouseRules.MainClasses.class)
class SharedModelRulesTest {

    @ArchTest
    static final ArchRule time = HouseRules.TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE;

    @ArchTest
    static final ArchRule features = HouseRules.PACKAGES_NAME_FEATURES;

    @ArchTest
    static final ArchRule records = HouseRules.CONFIGURATION_IS_A_RECORD;

    @ArchTest
    static final ArchRule noValues = HouseRules.NO_VALUE_ANNOTATIONS;

    @ArchTest
    static final ArchRule constructors = HouseRules.NO_FIELD_INJECTION;

    @ArchTest
    static final ArchRule quiet = HouseRules.NOTHING_PRINTS;

    @ArchTest
    static final ArchRule noService = HouseRules.importsNoOtherServiceThan("shared");

    @ArchTest
    static final ArchRule theDomainIsPure = HouseRules.decidesWithoutDoing(
            "dev.holdfast.model.topology",
            "dev.holdfast.model.health",
            "dev.holdfast.model.journal",
            "dev.holdfast.model.operation");

    @ArchTest
    static final ArchRule theDomainKnowsNeitherItsWireFormNorItsStore = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.model..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.holdfast.api..",
                    "dev.holdfast.store..",
                    "dev.holdfast.web..",
                    "org.springframework..",
                    "jakarta.persistence..",
                    "org.hibernate.annotations..",
                    "tools.jackson.."));

    @ArchTest
    static final ArchRule wireFormsKnowNoStoreAndOfSpringOnlyAnnotationsAndBinding = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.api..")
            .and(DescribedPredicate.not(HouseRules.WIRING))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.holdfast.store..",
                    "dev.holdfast.web..",
                    "jakarta.persistence..",
                    "org.hibernate.annotations..",
                    "org.springframework.data..",
                    "org.springframework.beans..",
                    "org.springframework.context..",
                    "org.springframework.jdbc..",
                    "org.springframework.orm..",
                    "org.springframework.security..",
                    "org.springframework.transaction.."));

    @ArchTest
    static final ArchRule theAdapterShowsOnlyItsWiring = classes()
            .that()
            .resideInAPackage("dev.holdfast.store.postgres")
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("PostgresStoreAutoConfiguration")
            .and()
            .doNotHaveSimpleName("StoreProperties")
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.holdfast.(model|api|store|web)..").should().beFreeOfCycles();
}
