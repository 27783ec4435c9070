// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources;
import java.util.Map;

/**
 * Files of cgroup v2 by their names: {@code linux.resources.unified}. They are written after everything else, so that they
 * prevail.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#core-interface-files">files of cgroup v2</a>
 */
public final class UnifiedFiles implements Controller {
    private static final String UNIFIED = "/linux/resources/unified/";

    @Override
    public String name() {
        return "unified";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        for (Map.Entry<String, String> file : resources.unified().entrySet()) {
            String name = file.getKey();
            String controller = name.substring(0, name.indexOf('.'));
            ControllerFiles.ofUnified(cgroup, controller).write(name, file.getValue(), UNIFIED + name);
        }
    }
}
