/** Runs in a Worker. */
import { serve } from "../background/task";
import { work } from "./limited";

serve(work);
