// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Makes the manual pages and the shells' completions from the commands themselves: {@code java -cp TESTCLASSPATH
 * Manual.java TARGET}. They are no part of the distribution, which an engine runs from; {@code scripts/install} puts
 * them beside it. Pages are converted only if their text has changed, since that takes seconds.
 */
final class Manual {
    private final Path target;
    private final CommandSpec jrun;

    private Manual(Path target) {
        this.target = target;
        this.jrun = new Model().root();
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("need TARGET");
        }
        new Manual(Path.of(arguments[0])).make();
    }

    private void make() throws IOException {
        write("bash/jrun", AutoComplete.bash("jrun", jrun.commandLine()));
        write("zsh/_jrun", new ZshCompletion(AutoComplete.bash("jrun", jrun.commandLine())).text());
        write("fish/jrun.fish", new FishCompletion(jrun).text());
        var pages = new TreeMap<String, String>();
        addPages(jrun, pages);
        Path source = target.resolve("pages.adoc");
        String all = String.join("\n", pages.values());
        if (Files.exists(source) && Files.readString(source).equals(all)) {
            return;
        }
        Distribution.delete(target.resolve("man1"));
        convert(pages);
        write("pages.adoc", all);
    }

    private static void addPages(CommandSpec command, Map<String, String> pages) {
        var page = new StringWriter();
        ManPageGenerator.writeSingleManPage(new PrintWriter(page, true), command);
        pages.put(command.qualifiedName("-"), page.toString());
        command.subcommands().values().forEach(sub -> addPages(sub.getCommandSpec(), pages));
    }

    private void convert(Map<String, String> pages) throws IOException {
        try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
            Options options = Options.builder()
                    .backend("manpage")
                    .standalone(true)
                    .safe(SafeMode.SECURE)
                    // The same commands make the same pages.
                    .attributes(Attributes.builder().attribute("docdate", "").build())
                    .build();
            for (var page : pages.entrySet()) {
                write("man1/" + page.getKey() + ".1", asciidoctor.convert(page.getValue(), options));
            }
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = target.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
