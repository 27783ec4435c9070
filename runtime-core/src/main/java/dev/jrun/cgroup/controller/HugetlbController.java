// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.HugepageLimit;
import java.util.List;

/**
 * How many huge pages a container may use: {@code linux.resources.hugepageLimits}.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/hugetlb.html">hugetlb on cgroup v1</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#hugetlb">hugetlb on cgroup v2</a>
 */
public final class HugetlbController implements Controller {
    private static final String LIMITS = "/linux/resources/hugepageLimits/";

    @Override
    public String name() {
        return "hugetlb";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        List<HugepageLimit> limits = resources.hugepageLimits();
        if (limits.isEmpty()) {
            return;
        }
        ControllerFiles files = ControllerFiles.of(cgroup, name());
        String ending = files.areLegacy() ? "limit_in_bytes" : "max";
        for (int i = 0; i < limits.size(); i++) {
            String size = "hugetlb." + limits.get(i).pageSize() + ".";
            String limit = Long.toUnsignedString(limits.get(i).limit());
            files.write(size + ending, limit, LIMITS + i);
            // What is reserved and not used yet is limited apart, since Linux 5.7. Without it, who reserves more than
            // the
            // limit learns that by SIGBUS when the pages are used.
            if (files.have(size + "rsvd." + ending)) {
                files.write(size + "rsvd." + ending, limit, LIMITS + i);
            }
        }
    }
}
