// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.engine.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a caller's environment is to those that go on with it: the shim that is executed anew, and hooks. */
public final class CallerEnvironment {

    private CallerEnvironment() {}

    /** Entries {@code NAME=value}. */
    public static List<String> entries(Call call) {
        List<String> entries = new ArrayList<>(call.environment().size());
        for (Map.Entry<String, String> entry : call.environment().entrySet()) {
            entries.add(entry.getKey() + "=" + entry.getValue());
        }
        return entries;
    }
}
