package dev.backpop.producer;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import dev.backpop.testing.TestRules;

@AnalyzeClasses(packages = "dev.backpop.producer", importOptions = OnlyIncludeTests.class)
class TestCodeTest {
    @ArchTest
    static final ArchTests rules = ArchTests.in(TestRules.class);
}
