// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.update;

import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.update.AskedResources;
import dev.jrun.container.update.UpdateCall;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The options of {@code update}. */
final class UpdateOptions {

    private static final String RESOURCES = "--resources";
    private static final String L3_CACHE_SCHEMA = "--l3-cache-schema";
    private static final String MEM_BW_SCHEMA = "--mem-bw-schema";

    private static final String SCHEMA = "a line of its class of service";

    private UpdateOptions() {}

    static void describe(CommandSpec spec) {
        Options.value(
                spec,
                "FILE",
                "set the limits in this document, a linux.resources object; -: standard input",
                "-r",
                RESOURCES);
        LimitOption.describe(spec);
        Options.value(spec, "SCHEMA", "its share of caches, if it has a class of service", L3_CACHE_SCHEMA);
        Options.value(spec, "SCHEMA", "its share of memory bandwidth, if it has a class of service", MEM_BW_SCHEMA);
        spec.usageMessage()
                .footer(
                        "",
                        "SIZE is a number of bytes, or a number with k, m, g, t or p. -1 means no limit. Limits that are not"
                                + " named stay as they are. If one cannot be set, none is changed.");
    }

    static UpdateCall call(Invocation invocation) throws CommandException, ContainerException {
        return new UpdateCall(
                invocation.containerId(),
                asked(invocation),
                given(invocation, L3_CACHE_SCHEMA, SCHEMA),
                given(invocation, MEM_BW_SCHEMA, SCHEMA));
    }

    private static AskedResources asked(Invocation invocation) throws CommandException {
        Optional<String> document = given(invocation, RESOURCES, "the path of a document, or - for standard input");
        if (document.isEmpty()) {
            return LimitOption.asked(invocation);
        }
        for (LimitOption option : LimitOption.values()) {
            if (invocation.given(option.longest()).isPresent()) {
                throw new CommandException(
                        option.longest() + " cannot be combined with --resources; set it in that document");
            }
        }
        return new AskedResources.Document(document.get());
    }

    /** A variable of a script that is empty is not to be taken for a change that was made. */
    private static Optional<String> given(Invocation invocation, String option, String allowed)
            throws CommandException {
        Optional<String> value = invocation.given(option);
        if (value.isPresent() && value.get().isEmpty()) {
            throw CommandException.ofValue(option, "", allowed);
        }
        return value;
    }
}
