package dev.backpop;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.testing.SharedRules;

@AnalyzeClasses(packages = "dev.backpop", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] ABOVE_PLANS = {
        "dev.backpop.campaign..",
        "dev.backpop.command..",
        "dev.backpop.ledger..",
        "dev.backpop.legacy..",
        "dev.backpop.live..",
        "dev.backpop.queue..",
        "dev.backpop.scratch..",
        "dev.backpop.target.."
    };

    @ArchTest
    static final ArchTests shared = ArchTests.in(SharedRules.class);

    @ArchTest
    static final ArchRule common_knows_neither_producer_nor_worker =
            never("dev.backpop..", "dev.backpop.producer..", "dev.backpop.worker..");

    @ArchTest
    static final ArchRule the_queue_does_not_know_the_ledger = never("dev.backpop.queue..", "dev.backpop.ledger..");

    @ArchTest
    static final ArchRule the_ledger_does_not_know_the_queue = never("dev.backpop.ledger..", "dev.backpop.queue..");

    @ArchTest
    static final ArchRule legacy_stores_know_nothing_of_campaigns = never(
            "dev.backpop.legacy..",
            "dev.backpop.queue..",
            "dev.backpop.ledger..",
            "dev.backpop.campaign..",
            "dev.backpop.target..",
            "dev.backpop.command..",
            "dev.backpop.live..");

    /** Verification reads files by it: what it shared with what writes rows, it could not find wrong. */
    @ArchTest
    static final ArchRule what_a_file_should_have_become_is_read_without_the_writer_s_code = noClasses()
            .that()
            .resideInAPackage("dev.backpop.legacy.file.expected..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.backpop..")
                    .and(resideOutsideOfPackages("dev.backpop.legacy.file.expected..", "dev.backpop.plan.."))
                    .and(not(belongToAnyOf(Row.class, RowShape.class, ColumnType.class))));

    /** The same of Reddit's things, whose records that reading of records encodes. */
    @ArchTest
    static final ArchRule what_a_thing_should_have_become_is_read_without_the_writer_s_code = noClasses()
            .that()
            .resideInAPackage("dev.backpop.legacy.reddit.expected..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.backpop..")
                    .and(resideOutsideOfPackages("dev.backpop.legacy.reddit.expected..", "dev.backpop.plan..")));

    @ArchTest
    static final ArchRule the_target_knows_nothing_of_campaigns = never(
            "dev.backpop.target..",
            "dev.backpop.queue..",
            "dev.backpop.ledger..",
            "dev.backpop.campaign..",
            "dev.backpop.legacy..",
            "dev.backpop.command..",
            "dev.backpop.live..");

    @ArchTest
    static final ArchRule problems_know_nothing = noClasses()
            .that()
            .resideInAPackage("dev.backpop.problem..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("dev.backpop..").and(resideOutsideOfPackage("dev.backpop.problem..")));

    @ArchTest
    static final ArchRule rows_know_nothing_but_problems = noClasses()
            .that()
            .resideInAPackage("dev.backpop.row..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.backpop..")
                    .and(resideOutsideOfPackages("dev.backpop.row..", "dev.backpop.problem..")));

    @ArchTest
    static final ArchRule plans_know_nothing_above_them = never("dev.backpop.plan..", ABOVE_PLANS);

    @ArchTest
    static final ArchRule packages_form_no_cycles =
            slices().matching("dev.backpop.(*)..").should().beFreeOfCycles();

    private static ArchRule never(String from, String... to) {
        return noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .allowEmptyShould(true);
    }
}
