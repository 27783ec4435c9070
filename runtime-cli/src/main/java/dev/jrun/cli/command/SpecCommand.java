// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.CallerUser;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.reading.DefaultConfig;
import dev.jrun.spec.reading.DefaultConfig.CgroupHierarchy;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun spec}: writes a config.json to start from. */
public final class SpecCommand implements Command {

    private static final Path ONLY_ON_CGROUP_V2 = Path.of("/sys/fs/cgroup/cgroup.controllers");

    @Override
    public String summary() {
        return "write a config.json to start from";
    }

    @Override
    public String examples() {
        return """
                Write a config.json to start from into a new bundle:
                    jrun spec --bundle new
                Write one for a user without root's rights, under another name:
                    jrun spec --bundle new --rootless --file rootless.json
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.NONE;
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.value(spec, "DIR", "the bundle's directory (default: the current one)", "-b", "--bundle");
        Options.value(spec, "FILE", "write this file in the bundle's directory instead of config.json", "-f", "--file");
        Options.flag(spec, "write one for a container run without root's rights", "--rootless");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, SessionBrokenException {
        String bundle = invocation.option("--bundle", "");
        String file = invocation.option("--file", "config.json");
        String path = bundle.isEmpty() || file.startsWith("/") ? file : bundle + "/" + file;
        new NewFile(path).write(invocation.session(), text(invocation));
        return Outcome.SUCCESS;
    }

    private static String text(Invocation invocation) {
        var cgroups = Files.exists(ONLY_ON_CGROUP_V2) ? CgroupHierarchy.UNIFIED : CgroupHierarchy.LEGACY;
        if (!invocation.isSet("--rootless")) {
            return DefaultConfig.forRoot(cgroups);
        }
        return DefaultConfig.rootless(cgroups, CallerUser.uid(), CallerUser.gid(invocation.call()));
    }
}
