// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.CommandHelp;
import dev.jrun.cli.CommandTable;
import dev.jrun.cli.GlobalHelp;
import dev.jrun.cli.call.UsageException;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The manual pages and completions that the build makes, and scripts/install installs; and that their examples work.
 */
class ManualIT extends RealContainers {

    private static final Path MANUAL = TestHost.HOME.resolveSibling("manual");
    private static final Path INSTALL = Path.of("../scripts/install");
    private static final Path ENGINES = Path.of("../scripts/engines");

    private static List<String> commands() {
        List<String> commands = new ArrayList<>(List.of("jrun"));
        commands.addAll(CommandTable.names());
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aPageTellsEachOption(String command) throws Exception {
        Programs.need("man");
        boolean all = command.equals("jrun");
        Path page = MANUAL.resolve("man1/" + (all ? "jrun" : "jrun-" + command.replace(' ', '-')) + ".1");
        Execution man = Execution.of(
                new ProcessBuilder("man", "--warnings", "--encoding=ascii", "--local-file", page.toString()));
        assertEquals("", man.succeeds().errors());
        var line = all ? GlobalHelp.commandLine() : CommandHelp.commandLine(command, CommandTable.get(command));
        for (OptionSpec option : line.getCommandSpec().options()) {
            assertTrue(man.output().contains(option.longestName()), () -> option + " is not in " + man.output());
        }
        if (all) {
            CommandTable.names().stream()
                    .filter(name -> name.indexOf(' ') < 0)
                    .forEach(name -> assertTrue(man.lines().contains("       " + name), name));
        }
        for (String example : examples(command)) {
            assertTrue(man.output().replaceAll("\\s+", " ").contains("$ " + example), () -> example + man.output());
        }
    }

    private static List<String> examples(String command) throws UsageException {
        String text = command.equals("jrun")
                ? GlobalHelp.EXAMPLES
                : CommandTable.get(command).examples();
        return text.lines()
                .filter(line -> line.startsWith(" "))
                .map(String::strip)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void itsExamplesWork(String command) throws Exception {
        Path place = Files.createDirectory(directory.resolve("place"));
        Files.createDirectory(place.resolve("new"));
        Files.createSymbolicLink(
                place.resolve("hello"), sandbox.bundle().runs("sleep", "1000").directory());
        Files.createSymbolicLink(
                place.resolve("short"), sandbox.bundle().runs("true").directory());
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path wrapper = Files.writeString(
                bin.resolve("jrun"),
                "#!/bin/sh\nexec '%s' --root '%s' \"$@\"\n".formatted(jrun.program(), jrun.root()));
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        jrun.callIn(place, "create", "--bundle", "hello", "created").succeeds();
        jrun.callIn(place, "run", "--detach", "--bundle", "hello", "running").succeeds();
        for (String example : examples(command)) {
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", ending(example)).directory(place.toFile());
            shell.environment().put("PATH", bin + ":" + System.getenv("PATH"));
            shell.environment().put("JRUN_ENGINE_IDLE", "30");
            Execution.of(shell).succeeds();
        }
        jrun.call("delete", "--force", "--regex", ".").succeeds();
    }

    /** An example that goes on until Ctrl-C is ended by it. */
    private static String ending(String example) {
        return example.startsWith("jrun top") && !example.contains("--no-stream")
                ? "timeout --preserve-status --signal=INT 3 " + example + " || [ $? = 130 ]"
                : example;
    }

    @Test
    void bashCompletes() {
        Programs.need("bash");
        String script = ". '%s/bash/jrun'; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_jrun; echo ${COMPREPLY[*]}";
        assertEquals("kill", complete("bash", script.formatted(MANUAL, "jrun ki", 1)));
        assertEquals("--no-subreaper", complete("bash", script.formatted(MANUAL, "jrun run --no-sub", 2)));
        assertEquals("--regex", complete("bash", script.formatted(MANUAL, "jrun --debug kill --re", 3)));
    }

    @Test
    void fishCompletes() {
        Programs.need("fish");
        String script = "source %s/fish/jrun.fish; complete -C '%s' | string split -f1 \\t";
        assertEquals("kill", complete("fish", script.formatted(MANUAL, "jrun ki")));
        assertEquals("--no-subreaper", complete("fish", script.formatted(MANUAL, "jrun run --no-sub")));
        assertEquals("--regex", complete("fish", script.formatted(MANUAL, "jrun --debug kill --re")));
    }

    /** It is asked for by typing, since it works only in a line that is edited. */
    @Test
    void zshCompletes() {
        Programs.need("zsh");
        String script = """
                zmodload zsh/zpty
                zpty shell 'PS1= RPS1= zsh -f -i'
                zpty -w shell 'fpath=(%s/zsh $fpath); autoload -Uz compinit; compinit -u -D; echo rea"dy"'
                zpty -r shell text '*ready*'
                zpty -w -n shell $'jrun run --no-subr\\t'
                zpty -r shell text '*--no-subr*eaper*' && [[ $text != *"not found"* ]] && echo complete
                zpty -d shell
                """;
        assertEquals("complete", complete("zsh", script.formatted(MANUAL)));
    }

    private static String complete(String shell, String script) {
        return Execution.of(new ProcessBuilder(shell, "-c", script))
                .succeeds()
                .output()
                .strip();
    }

    @Test
    void allIsInstalledAndRemoved() throws IOException {
        String build = Files.readString(TestHost.HOME.resolve("lib/build")).strip();
        Programs.skipUnless(
                Files.exists(TestHost.HOME.resolve("lib/jrun-" + build + ".aot")), "the distribution is not complete");
        Path root = Files.createDirectories(directory.resolve("root/opt/share/man"))
                .resolve("../../..")
                .normalize();
        Path foreign = Files.writeString(root.resolve("opt/share/man/foreign"), "");
        install(root).succeeds();
        install(root).succeeds();
        Set<String> shared = files(root.resolve("opt/share"));
        shared.remove("man/foreign");
        Set<String> expected = new TreeSet<>(List.of(
                "bash-completion/completions/jrun", "zsh/site-functions/_jrun", "fish/vendor_completions.d/jrun.fish"));
        commands()
                .forEach(command -> expected.add(
                        "man/man1/" + (command.equals("jrun") ? "" : "jrun-") + command.replace(' ', '-') + ".1"));
        files(ENGINES).forEach(settings -> expected.add("doc/jrun/engines/" + settings));
        assertEquals(expected, shared);
        String podman = Files.readString(root.resolve("opt/share/doc/jrun/engines/containers.conf"));
        assertTrue(podman.contains("jrun = [\"/opt/bin/jrun\"]"), podman);

        install(root, "--uninstall").succeeds();
        assertEquals(Set.of("opt/share/man/foreign"), files(root));
        assertFalse(Files.exists(root.resolve("opt/share/zsh")));
        assertFalse(Files.exists(root.resolve("opt/share/man/man1")));

        Files.createDirectory(root.resolve("opt/share/man/man1"));
        Files.move(foreign, root.resolve("opt/share/man/man1/jrun.1"));
        Execution refused = install(root);
        refused.failsWith("man1/jrun.1 exists and is not jrun's");
        assertEquals(Set.of("opt/share/man/man1/jrun.1"), files(root));
    }

    private static Execution install(Path root, String... options) {
        List<String> words = new ArrayList<>(List.of(INSTALL.toString(), "--prefix", "/opt"));
        words.addAll(List.of(options));
        ProcessBuilder script = new ProcessBuilder(words);
        script.environment().put("DESTDIR", root.toString());
        return Execution.of(script);
    }

    private static Set<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return new TreeSet<>(files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .toList());
        }
    }
}
