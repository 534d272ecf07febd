package dev.backpop.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What holds for the test code of every module; each module's {@code TestCodeTest} includes it. */
public final class TestRules {
    @ArchTest
    static final ArchRule tests_are_where_the_runner_looks = methods()
            .that()
            .areMetaAnnotatedWith("org.junit.platform.commons.annotation.Testable")
            .should()
            .beDeclaredInClassesThat()
            .haveNameMatching(".*Test(\\$.*)?")
            .because("a class of any other name is silently not run");

    @ArchTest
    static final ArchRule no_test_sleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a latch or Awaitility waits for what happens, and no longer");

    private TestRules() {}
}
