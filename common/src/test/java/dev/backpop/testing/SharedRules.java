package dev.backpop.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;

/** What holds for the production code of every module; each module's {@code ArchitectureTest} includes it. */
public final class SharedRules {
    @ArchTest
    static final ArchRule only_scratch_knows_the_embedded_servers = noClasses()
            .that()
            .resideOutsideOfPackage("dev.backpop.scratch..")
            .should()
            .dependOnClassesThat(resideInAPackage("redis.embedded..").or(resideInAPackage("io.zonky..")))
            .because("production jars leave their binaries out")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule time_is_given_and_not_taken = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Date.class)
            .because("a Clock or a LongSupplier comes by the constructor, so that a test can set it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothing_is_printed_past_the_command_line = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace")
            .because("picocli's writers and the log are where text goes, and both can be captured and masked")
            .allowEmptyShould(true);

    private SharedRules() {}
}
