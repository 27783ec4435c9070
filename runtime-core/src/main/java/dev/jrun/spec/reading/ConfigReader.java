// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Annotations;
import dev.jrun.spec.Config;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Process;
import dev.jrun.spec.Root;
import java.util.List;
import java.util.function.Function;

/**
 * Reads {@code config.json}. It does not look at the system; what depends on the system is checked where it is used.
 *
 * <p>Properties that are not known are ignored, as the specification wants ("Extensibility" of config.md), with a
 * warning if their name looks like that of a known one. Of several members of an object with the same name, the last
 * counts.
 */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads a configuration.
     *
     * @param document JSON in UTF-8, at most 16 MiB and 262,144 values, nested at most 1000 levels
     */
    public static Reading<Config> read(byte[] document) {
        return Members.read(document, ConfigReader::config);
    }

    /**
     * Reads a configuration of a container that is to be created: it must have what the specification makes optional, a
     * root file system, a process with arguments, and a mount namespace. Whoever knows of more problems adds them.
     *
     * @param document as of {@link #read}
     */
    public static Draft<Config> draftToRun(byte[] document) {
        return Members.draft(document, ConfigReader::configToRun);
    }

    private static Config configToRun(Members json) {
        Config config = config(json, ProcessBinding::processToRun);
        for (String name : List.of("root", "process")) {
            if (!json.has(name)) {
                json.problem(json.at(name), "nothing", "required: an object");
            }
        }
        NamespaceNeeds.checkThatMountsStayInside(config, json.report());
        return config;
    }

    private static Config config(Members json) {
        return config(json, ProcessBinding::process);
    }

    private static Config config(Members json, Function<Members, Process> process) {
        MountBinding mounts = new MountBinding();
        Config config = new Config(
                json.requiredString("ociVersion", Syntax.VERSION_1),
                json.object("process", process),
                json.object("root", ConfigReader::root),
                json.string("hostname"),
                json.string("domainname"),
                json.objects("mounts", mounts::mount),
                json.object("hooks", HooksBinding::hooks).orElse(Hooks.NONE),
                Annotations.of(json.stringMap("annotations")),
                json.object("linux", LinuxBinding::linux).orElse(Linux.NONE));
        NamespaceNeeds.check(config, mounts.placed(), json.report());
        DomainName.check(config, json.report());
        return config;
    }

    private static Root root(Members json) {
        return new Root(json.requiredString("path"), json.flag("readonly"));
    }
}
