// SPDX-License-Identifier: Apache-2.0
/** Writing values to the control files of cgroups, for good or reversibly. */
package dev.jrun.cgroup.writing;
