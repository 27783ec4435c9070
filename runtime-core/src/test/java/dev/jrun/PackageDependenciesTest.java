// SPDX-License-Identifier: Apache-2.0
package dev.jrun;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the packages of runtime-core to the order that {@code docs/architecture.md} gives them. */
class PackageDependenciesTest {
    /** What each package may import of the others; only a package that stands above it. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.of(
            "kernel", List.of(),
            "json", List.of(),
            "spec", List.of("json"),
            "program", List.of("kernel"),
            "seccomp", List.of("kernel", "spec", "program"),
            "cgroup", List.of("kernel", "spec"),
            "launch", List.of("kernel", "json", "spec", "program", "seccomp", "cgroup"),
            "container", List.of("kernel", "json", "spec", "program", "seccomp", "cgroup", "launch"),
            "engine", List.of("kernel", "json", "spec", "program", "seccomp", "cgroup", "launch", "container"));

    private static final JavaClasses CORE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.jrun");

    static Stream<Entry<String, List<String>>> packages() {
        return MAY_IMPORT.entrySet().stream();
    }

    @Test
    void classesWereFound() {
        assertFalse(CORE.isEmpty());
    }

    @Test
    void everyClassIsInAKnownPackage() {
        classes()
                .should()
                .resideInAnyPackage(
                        MAY_IMPORT.keySet().stream().map(name -> subtree(name)).toArray(String[]::new))
                .check(CORE);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsOnlyThoseAboveIt(Entry<String, List<String>> entry) {
        var others = MAY_IMPORT.keySet().stream()
                .filter(name -> !name.equals(entry.getKey()))
                .filter(name -> !entry.getValue().contains(name))
                .map(name -> subtree(name))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(subtree(entry.getKey()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.jrun.(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void theLibraryKnowsNeitherTheCommandLineNorALoggingBackEnd() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..", "dev.jrun.cli..")
                .check(CORE);
    }

    @Test
    void jsonIsReadAndWrittenInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.jrun.json..", "dev.jrun.spec.fixtures..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(CORE);
    }

    private static String subtree(String name) {
        return "dev.jrun." + name + "..";
    }
}
