// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.jrun.container.launch.Conversation;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import org.junit.jupiter.api.Test;

/** Holds the command line to its packages, which nothing below imports. */
class PackageDependenciesTest {
    private static final JavaClasses EVERYTHING =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.jrun");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.jrun.(**)").should().beFreeOfCycles().check(EVERYTHING);
    }

    @Test
    void onlyTheCommandLineUsesPicocliAndLogback() {
        classes()
                .that()
                .resideInAPackage("dev.jrun..")
                .and()
                .resideOutsideOfPackage("dev.jrun.cli..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("picocli..", "ch.qos.logback..")
                .check(EVERYTHING);
    }

    @Test
    void commandsDoNotKnowWhatFindsThemNorACallItsCommands() {
        noClasses()
                .that()
                .resideInAPackage("dev.jrun.cli.command")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jrun.cli")
                .check(EVERYTHING);
        noClasses()
                .that()
                .resideInAPackage("dev.jrun.cli.call")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.jrun.cli", "dev.jrun.cli.command")
                .check(EVERYTHING);
    }

    @Test
    void onlyAConversationKnowsHowAProgramMayEnd() {
        noClasses()
                .that()
                .areNotAssignableTo(Session.class)
                .and()
                .areNotAssignableTo(Report.class)
                .and()
                .doNotBelongToAnyOf(Conversation.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Report.Failed.class, Report.Finished.class, Report.Ready.class)
                .orShould()
                .callMethod(Session.class, "await")
                .check(EVERYTHING);
    }

    @Test
    void nothingImportsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.jrun.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jrun.cli..")
                .check(EVERYTHING);
    }
}
