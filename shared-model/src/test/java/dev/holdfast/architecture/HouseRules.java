package dev.holdfast.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callConstructor;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Rules for every module. A module's own test class names its packages and takes over those that fit:
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "dev.holdfast.region", importOptions = HouseRules.MainClasses.class)
 * class RegionServiceRulesTest {
 *     @ArchTest static final ArchRule time = HouseRules.TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE;
 *     @ArchTest static final ArchRule alone = HouseRules.importsNoOtherServiceThan("region");
 *     @ArchTest static final ArchRule pure = HouseRules.decidesWithoutDoing("dev.holdfast.region.declaration");
 * }
 * }</pre>
 */
public final class HouseRules {

    private static final Set<String> SERVICES =
            Set.of("gateway", "health", "failover", "region", "agent", "quickstart");

    /** Where time, chance and ids are brought in: classes named {@code …Configuration}, and packages named {@code config}. */
    public static final DescribedPredicate<JavaClass> WIRING = describe(
            "wiring",
            type -> type.getPackageName().endsWith(".config")
                    || type.getSimpleName().endsWith("Configuration"));

    /** Wall clocks, monotonic clocks, ids, chance and sleep are injected, so that tests can decide them. */
    public static final ArchRule TIME_CHANCE_AND_IDS_COME_FROM_OUTSIDE = classes()
            .that(DescribedPredicate.not(WIRING))
            .should(not(callMethodWhere(
                    describe("reads a clock, sleeps, or makes ids or chance", HouseRules::readsTimeChanceOrIds))))
            .andShould(not(callConstructor(Random.class)))
            .because("wiring brings in InstantSource, a nano clock, an id supplier and seeded Random")
            .allowEmptyShould(true);

    /** Folders name features, never layers. */
    public static final ArchRule PACKAGES_NAME_FEATURES = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..",
                    "..utils..",
                    "..common..",
                    "..manager..",
                    "..impl..",
                    "..service..",
                    "..services..",
                    "..controller..",
                    "..controllers..",
                    "..repository..",
                    "..dto..",
                    "..helper..")
            .allowEmptyShould(true);

    /** Settings come in validated records; nothing reads a property by itself. */
    public static final ArchRule CONFIGURATION_IS_A_RECORD = classes()
            .that()
            .areAnnotatedWith(ConfigurationProperties.class)
            .should()
            .beRecords()
            .allowEmptyShould(true);

    public static final ArchRule NO_VALUE_ANNOTATIONS = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Value.class)
            .because("configuration is a validated record")
            .allowEmptyShould(true);

    /** Beans are given to constructors. */
    public static final ArchRule NO_FIELD_INJECTION =
            com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION.allowEmptyShould(
                    true);

    public static final ArchRule NOTHING_PRINTS =
            com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.allowEmptyShould(
                    true);

    private HouseRules() {}

    /** A service shares {@code shared-model} with the others and talks to them over HTTP. */
    public static ArchRule importsNoOtherServiceThan(String own) {
        String[] others = SERVICES.stream()
                .filter(service -> !service.equals(own))
                .map(service -> "dev.holdfast." + service + "..")
                .toArray(String[]::new);
        return noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(others))
                .because("services never import one another")
                .allowEmptyShould(true);
    }

    /** Deciding code: no logger, clock, I/O, Spring or threads; only values in and values out. */
    public static ArchRule decidesWithoutDoing(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.springframework..",
                        "org.slf4j..",
                        "jakarta.persistence..",
                        "dev.holdfast.store..",
                        "dev.holdfast.web..",
                        "java.io..",
                        "java.net..",
                        "java.net.http..",
                        "java.nio..",
                        "java.sql..",
                        "java.util.concurrent..",
                        "reactor..",
                        "io.netty.."))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(InstantSource.class)
                .because("deciding is pure: every fact, now included, stands in what is given");
    }

    private static boolean readsTimeChanceOrIds(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        String method = call.getTarget().getName();
        boolean withoutArguments = call.getTarget().getRawParameterTypes().isEmpty();
        return switch (method) {
            case "now" ->
                withoutArguments
                        && Set.of(
                                        Instant.class.getName(),
                                        LocalDate.class.getName(),
                                        LocalDateTime.class.getName(),
                                        OffsetDateTime.class.getName(),
                                        ZonedDateTime.class.getName())
                                .contains(owner);
            case "nanoTime", "currentTimeMillis" -> owner.equals(System.class.getName());
            case "randomUUID" -> owner.equals(UUID.class.getName());
            case "sleep" -> owner.equals(Thread.class.getName());
            case "systemUTC", "systemDefaultZone" -> owner.equals(Clock.class.getName());
            case "random" -> owner.equals(Math.class.getName());
            default -> false;
        };
    }

    /** Leaves out tests, also those in jars. */
    public static final class MainClasses implements ImportOption {

        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }
}
